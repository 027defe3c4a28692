/**
 * QEMU's migration stream as pure bytes: what stands where, checked, with no file and no guest in
 * sight.
 *
 * <p>{@link org.stillframe.stream.StreamParser} walks a whole stream (QEMU's savevm format, version
 * 3) and tells a {@link org.stillframe.stream.StreamListener} what it meets; {@link
 * org.stillframe.stream.StreamKind} recognises a file by its first bytes. Every byte is taken as
 * hostile: lengths, counts and offsets are checked before they are used, and memory is bounded
 * whatever the input says.
 */
package org.stillframe.stream;
