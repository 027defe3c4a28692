/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.system.FileIdentity;

/**
 * A part of a file that a process has mapped and shares, as /proc/PID/maps tells (proc(5)).
 *
 * @param area the name of its first area in /proc/PID/map_files
 * @param file which file it is
 * @param offset where in the file it begins, in bytes
 * @param length in bytes
 */
record SharedPart(String area, FileIdentity file, long offset, long length) {}
