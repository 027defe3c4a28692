/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.stillframe.manager.MigrationManager;

/**
 * What the commands share.
 *
 * @param manager makes the manager; called once
 * @param out standard output
 * @param err standard error
 */
record CommandContext(
    Supplier<MigrationManager> manager,
    Interruption interruption,
    PrintStream out,
    PrintStream err) {}
