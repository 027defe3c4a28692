/**
 * What every backend keeps, as tests to inherit.
 *
 * <p>The author of a backend depends on this module's test jar and on JUnit Jupiter, extends {@link
 * org.stillframe.spi.contract.MigrationBackendContract}, and says there what the backend can do.
 * What it cannot do is not skipped: the tests then ask for the refusal. Linux and the JDK are all
 * that is needed; pipes are made by {@code mkfifo}.
 */
package org.stillframe.spi.contract;
