/**
 * What every backend keeps, as tests to inherit.
 *
 * <p>The author of a backend depends on this module's test jar and on JUnit Jupiter, says once what
 * the backend can do ({@link org.stillframe.spi.contract.BackendUnderTest}), and extends
 *
 * <ul>
 *   <li>{@link org.stillframe.spi.contract.MigrationBackendContract} for each kind of file system,
 *   <li>{@link org.stillframe.spi.contract.FullFileSystemContract} for one that is soon full,
 *   <li>{@link org.stillframe.spi.contract.BlockDeviceContract} for a block device,
 *   <li>{@link org.stillframe.spi.contract.RefusalContract} for each place where it serves nothing.
 * </ul>
 *
 * <p>What it cannot do is not skipped: the tests then ask for the refusal. Linux and the JDK are
 * all that is needed, and {@code mkfifo}; file systems and devices for the tests are in {@link
 * org.stillframe.spi.contract.storage}, and say what they need.
 */
package org.stillframe.spi.contract;
