// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.lock;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A row that is locked: who holds it and who waits for it. Guarded by its shard; pooled there. */
final class LockEntry {
  private static final int KEPT_KEY_BYTES = 128;

  final LockShard shard;
  long hash;
  byte[] key = new byte[32];
  int keyBytes;
  @Nullable LockOwner exclusive;
  LockOwner[] shared = new LockOwner[2];
  int sharedCount;
  @Nullable LockOwner firstWaiting;
  @Nullable LockOwner lastWaiting;
  @Nullable LockEntry nextFree;

  LockEntry(LockShard shard) {
    this.shard = shard;
  }

  void name(long newHash, byte[] from, int offset, int bytes) {
    hash = newHash;
    if (key.length < bytes || key.length > KEPT_KEY_BYTES) {
      key = new byte[Math.max(32, bytes)];
    }
    System.arraycopy(from, offset, key, 0, bytes);
    keyBytes = bytes;
  }

  boolean isNamed(long otherHash, byte[] other, int offset, int bytes) {
    return hash == otherHash
        && keyBytes == bytes
        && Arrays.equals(key, 0, keyBytes, other, offset, offset + bytes);
  }

  boolean isFree() {
    return exclusive == null && sharedCount == 0 && firstWaiting == null;
  }

  boolean isHeld(LockOwner owner, boolean exclusively) {
    return exclusive == owner || !exclusively && isShared(owner);
  }

  boolean isShared(LockOwner owner) {
    for (int i = 0; i < sharedCount; i++) {
      if (shared[i] == owner) {
        return true;
      }
    }
    return false;
  }

  /** Whether nobody but {@code owner} holds it in a way that rules out the wanted one. */
  boolean allows(LockOwner owner, boolean exclusively) {
    if (exclusive != null && exclusive != owner) {
      return false;
    }
    return !exclusively || sharedCount == 0 || sharedCount == 1 && shared[0] == owner;
  }

  void grant(LockOwner owner, boolean exclusively) {
    if (exclusively) {
      unshare(owner);
      exclusive = owner;
    } else {
      if (sharedCount == shared.length) {
        shared = Arrays.copyOf(shared, 2 * sharedCount);
      }
      shared[sharedCount++] = owner;
    }
  }

  void release(LockOwner owner) {
    if (exclusive == owner) {
      exclusive = null;
    }
    unshare(owner);
  }

  private void unshare(LockOwner owner) {
    for (int i = 0; i < sharedCount; i++) {
      if (shared[i] == owner) {
        shared[i] = shared[--sharedCount];
        shared[sharedCount] = null;
        return;
      }
    }
  }

  /** Queues {@code owner}: an upgrade before all others, since they wait for its shared lock anyway. */
  void enqueue(LockOwner owner, boolean upgrade) {
    owner.nextWaiting = null;
    if (firstWaiting == null) {
      firstWaiting = owner;
      lastWaiting = owner;
    } else if (upgrade) {
      owner.nextWaiting = firstWaiting;
      firstWaiting = owner;
    } else {
      lastWaiting.nextWaiting = owner;
      lastWaiting = owner;
    }
  }

  /** Takes {@code owner} out of the queue; false when it is not in it. */
  boolean dequeue(LockOwner owner) {
    LockOwner before = null;
    for (LockOwner each = firstWaiting; each != null; each = each.nextWaiting) {
      if (each == owner) {
        if (before == null) {
          firstWaiting = owner.nextWaiting;
        } else {
          before.nextWaiting = owner.nextWaiting;
        }
        if (lastWaiting == owner) {
          lastWaiting = before;
        }
        owner.nextWaiting = null;
        return true;
      }
      before = each;
    }
    return false;
  }

  /** Those who must finish before {@code waiter}, which is queued here, can have the lock. */
  void forEachBlocker(LockOwner waiter, Consumer<LockOwner> receiver) {
    if (exclusive != null && exclusive != waiter) {
      receiver.accept(exclusive);
    }
    if (waiter.wantsExclusive) {
      forEachShared(waiter, receiver);
    }
    for (LockOwner each = firstWaiting; each != null && each != waiter; each = each.nextWaiting) {
      receiver.accept(each);
    }
  }

  /** Those other than {@code owner} who hold it in a way that rules out the wanted one. */
  void forEachHolder(LockOwner owner, boolean exclusively, Consumer<LockOwner> receiver) {
    if (exclusive != null && exclusive != owner) {
      receiver.accept(exclusive);
    }
    if (exclusively) {
      forEachShared(owner, receiver);
    }
  }

  private void forEachShared(LockOwner except, Consumer<LockOwner> receiver) {
    for (int i = 0; i < sharedCount; i++) {
      if (shared[i] != except) {
        receiver.accept(shared[i]);
      }
    }
  }
}
