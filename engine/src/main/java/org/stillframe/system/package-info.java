/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The operating system: descriptors, sockets and the calls that the JDK does not offer. The one
 * package of the engine that calls native code.
 */
package org.stillframe.system;
