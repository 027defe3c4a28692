/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what is open and what was done wrong. Thread-safe. */
final class Watch {
  private final Map<Object, Finding> open = new IdentityHashMap<>();
  private final List<Object> order = new ArrayList<>();
  private final List<Finding> seen = new ArrayList<>();

  /** Something was opened: a finding, unless it is closed in time. */
  synchronized void opened(Object resource, Finding.Kind kind, String what) {
    open.put(resource, finding(kind, what));
    order.add(resource);
  }

  synchronized void closed(Object resource) {
    open.remove(resource);
    order.removeIf(each -> each == resource);
  }

  synchronized void saw(Finding.Kind kind, String what) {
    seen.add(finding(kind, what));
  }

  private static Finding finding(Finding.Kind kind, String what) {
    return new Finding(kind, what, new Throwable(what));
  }

  synchronized List<Finding> findings() {
    List<Finding> all = new ArrayList<>(seen);
    order.forEach(resource -> all.add(open.get(resource)));
    return List.copyOf(all);
  }
}
