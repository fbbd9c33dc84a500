// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The transactions and snapshots that are open, in linked lists by thread. Thread-safe. */
final class ActiveTransactions {
  private static final int STRIPES = 16;

  private final Stripe[] stripes = new Stripe[STRIPES];

  ActiveTransactions() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  private static final class Stripe {
    @Nullable Tracked first;
    int size;
  }

  void add(Tracked tracked) {
    int index = (int) Thread.currentThread().getId() & STRIPES - 1;
    tracked.stripe = index;
    Stripe stripe = stripes[index];
    synchronized (stripe) {
      tracked.next = stripe.first;
      if (stripe.first != null) {
        stripe.first.previous = tracked;
      }
      stripe.first = tracked;
      stripe.size++;
    }
  }

  void remove(Tracked tracked) {
    Stripe stripe = stripes[tracked.stripe];
    synchronized (stripe) {
      if (tracked.previous == null) {
        if (stripe.first != tracked) {
          return;
        }
        stripe.first = tracked.next;
      } else {
        tracked.previous.next = tracked.next;
      }
      if (tracked.next != null) {
        tracked.next.previous = tracked.previous;
      }
      tracked.previous = null;
      tracked.next = null;
      stripe.size--;
    }
  }

  int size() {
    int size = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.size;
      }
    }
    return size;
  }

  /** Hands out those that are open now; outside of any lock. */
  void forEach(Consumer<Tracked> receiver) {
    for (Stripe stripe : stripes) {
      List<Tracked> copy = new ArrayList<>();
      synchronized (stripe) {
        for (Tracked each = stripe.first; each != null; each = each.next) {
          copy.add(each);
        }
      }
      copy.forEach(receiver);
    }
  }
}
