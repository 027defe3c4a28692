/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The backend {@code nio}: an example of one that is not part of Stillframe. */
package com.example.nio;
