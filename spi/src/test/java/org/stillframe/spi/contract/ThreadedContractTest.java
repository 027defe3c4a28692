/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

/** The contract can be kept by a backend that completes later: all but how one is found. */
class ThreadedContractTest extends AbstractContract
    implements ThreadedUnderTest,
        AppraisalContract,
        OpeningContract,
        StateFileContract,
        TransferContract,
        QueueContract,
        InFlightContract,
        BuffersContract,
        NeighboursContract,
        FailureContract,
        StreamContract,
        ModelContract {}
