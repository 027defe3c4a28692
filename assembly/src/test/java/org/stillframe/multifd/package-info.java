/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The route multifd against real QEMUs, with memory in the place of an image. */
package org.stillframe.multifd;
