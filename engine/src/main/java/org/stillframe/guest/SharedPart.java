/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

/**
 * A part of a file that a process has mapped and shares, as /proc/PID/maps tells (proc(5)).
 *
 * @param area the name of its first area in /proc/PID/map_files
 * @param major of the device that the file is on
 * @param minor of the device that the file is on
 * @param inode of the file
 * @param offset where in the file it begins, in bytes
 * @param length in bytes
 */
record SharedPart(String area, int major, int minor, long inode, long offset, long length) {}
