/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Pictures of figures. The one package that knows AWT, which takes its time to load: a command that
 * draws nothing never touches it.
 */
package org.stillframe.chart;
