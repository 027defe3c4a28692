/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Where images lie: {@code file:PATH} and {@code fd:N}, what fstat(2) says of them, and how a new
 * image takes its place only when it is whole and durable.
 */
package org.stillframe.target;
