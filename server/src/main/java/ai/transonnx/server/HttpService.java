package ai.transonnx.server;

import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.server.internal.Access;
import ai.transonnx.server.internal.Endpoints;
import ai.transonnx.server.internal.ModelCard;
import ai.transonnx.server.internal.RequestLog;
import ai.transonnx.server.internal.Router;
import ai.transonnx.server.internal.ServingMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The threads and the socket of a server. */
final class HttpService {
  private static final int WORKERS = 2;
  private static final int MAX_PARSING = 256;
  private static final int MAX_HEADERS = 16 << 10;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ServedTasks tasks;
  private final Duration stopTimeout;
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          WORKERS,
          WORKERS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MAX_PARSING),
          task -> daemon(task, "transonnx-http-worker"));
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(task -> daemon(task, "transonnx-http-writer"));
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private final Vertx vertx;
  private final HttpServer server;

  /**
   * Starts a server.
   *
   * @throws ModelException if the model neither continues texts nor has embeddings
   * @throws RequestException if its address cannot be listened on, or an option does not concern
   *     the model
   */
  HttpService(OnnxModel model, String name, Tokenizer tokenizer, ServerOptions options) {
    var metrics = new ServingMetrics();
    var card = new ModelCard(name);
    var limits = options.limits();
    this.stopTimeout = limits.stopTimeout();
    this.tasks = ServedTasks.start(model, card, tokenizer, options, metrics, writer);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(WORKERS)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setMaxHeaderSize(MAX_HEADERS)
                    .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, limits.timeout().plus(IDLE).toSeconds())))
            .connectionHandler(
                connection -> {
                  if (connections.incrementAndGet() > limits.maxConnections()) {
                    connection.close();
                  }
                  connection.closeHandler(closed -> connections.decrementAndGet());
                })
            .requestHandler(
                new Router(
                    vertx,
                    new Endpoints(card, tasks.completions(), tasks.embeddings(), metrics),
                    new Access(options.apiKey(), options.allowedOrigin(), options.host()),
                    limits.maxBodyBytes(),
                    Math.max(limits.maxBodyBytes(), Runtime.getRuntime().maxMemory() / 8),
                    limits.timeout(),
                    workers,
                    metrics,
                    new RequestLog(options.logsRequests())));
    listen(options);
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void listen(ServerOptions options) {
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      closeThreads();
      tasks.closeNow();
      var cause = e.getCause() == null ? e : e.getCause();
      throw new RequestException(
          "%s:%s cannot be listened on: %s"
              .formatted(options.host(), options.port(), cause.getMessage()));
    }
  }

  /** The port that is listened on. */
  int port() {
    return server.actualPort();
  }

  /**
   * Refuses later requests, waits until open ones have ended, at most for the stop timeout, and
   * ends the others.
   */
  void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    var ending =
        Stream.of(tasks.completions(), tasks.embeddings())
            .map(task -> daemon(task::close, "transonnx-http-stop"))
            .toList();
    ending.forEach(Thread::start);
    long end = System.nanoTime() + stopTimeout.toNanos();
    try {
      for (var thread : ending) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tasks.closeNow();
    server.shutdown(1, TimeUnit.SECONDS).toCompletionStage().toCompletableFuture().join();
    closeThreads();
  }

  private void closeThreads() {
    workers.shutdown();
    writer.shutdown();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
