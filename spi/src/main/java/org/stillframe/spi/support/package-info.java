/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Base classes for backends: they make the checks that the contract asks of every backend, and
 * leave the transfers. Nobody has to use them.
 */
package org.stillframe.spi.support;
