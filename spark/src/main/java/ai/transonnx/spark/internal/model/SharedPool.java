package ai.transonnx.spark.internal.model;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values that callers share by key. A value is opened by its first caller, while others wait, and
 * closed when no caller has used it for a while. Any thread may use a pool.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class SharedPool<K, V extends AutoCloseable> {
  private final ScheduledExecutorService timer;
  private final Map<K, Entry> entries = new HashMap<>(); // guarded by this

  /**
   * An empty pool.
   *
   * @param timer closes the values
   */
  SharedPool(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** A value that is being opened or open. */
  private final class Entry {
    final CompletableFuture<V> value = new CompletableFuture<>();
    int users;
    @Nullable Future<?> closing;
  }

  /** The use of a value by one caller. */
  final class Lease implements AutoCloseable {
    private final K key;
    private final Entry entry;
    private final V value;
    private final Duration idle;
    private boolean returned;

    private Lease(K key, Entry entry, V value, Duration idle) {
      this.key = key;
      this.entry = entry;
      this.value = value;
      this.idle = idle;
    }

    V value() {
      return value;
    }

    /** Returns the value. A second call has no effect. */
    @Override
    public void close() {
      synchronized (SharedPool.this) {
        if (!returned) {
          returned = true;
          leave(key, entry, idle);
        }
      }
    }
  }

  /**
   * The value of a key.
   *
   * @param opening opens it if it is not open; its exception is that of all callers that wait
   * @param idle how long it stays open after its last use
   */
  Lease acquire(K key, Supplier<V> opening, Duration idle) {
    Entry entry;
    boolean opens;
    synchronized (this) {
      opens = !entries.containsKey(key);
      entry = entries.computeIfAbsent(key, absent -> new Entry());
      entry.users++;
      if (entry.closing != null) {
        entry.closing.cancel(false);
        entry.closing = null;
      }
    }
    if (opens) {
      open(key, entry, opening);
    }
    try {
      return new Lease(key, entry, entry.value.join(), idle);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void open(K key, Entry entry, Supplier<V> opening) {
    try {
      entry.value.complete(opening.get());
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(key, entry); // The next caller tries again.
      }
      entry.value.completeExceptionally(e);
    }
  }

  private synchronized void leave(K key, Entry entry, Duration idle) {
    entry.users--;
    if (entry.users == 0) {
      entry.closing =
          timer.schedule(() -> closeUnused(key, entry), idle.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void closeUnused(K key, Entry entry) {
    synchronized (this) {
      if (entry.users > 0 || !entries.remove(key, entry)) {
        return;
      }
    }
    try {
      entry.value.join().close();
    } catch (Exception e) {
      throw new IllegalStateException("a shared value cannot be closed", e);
    }
  }

  /** The number of values that are open or being opened. */
  synchronized int size() {
    return entries.size();
  }
}
