/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The library: {@link org.stillframe.manager.MigrationManager} saves, restores, receives, sends and
 * inspects; requests go in, reports come out.
 */
package org.stillframe.manager;
