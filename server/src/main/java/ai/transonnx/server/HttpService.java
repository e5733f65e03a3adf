package ai.transonnx.server;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.server.internal.Access;
import ai.transonnx.server.internal.CompletionLimits;
import ai.transonnx.server.internal.Endpoints;
import ai.transonnx.server.internal.PromptReader;
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
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads and the socket of a server. */
final class HttpService {
  private static final int WORKERS = 2;
  private static final int MAX_PARSING = 256;
  private static final int MAX_HEADERS = 16 << 10;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final GenerationScheduler scheduler;
  private final Duration stopTimeout;
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          WORKERS,
          WORKERS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MAX_PARSING),
          task -> daemon(task, "transonnx-http-worker"));
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private final Vertx vertx;
  private final HttpServer server;

  /**
   * Starts a server.
   *
   * @throws RequestException if its address cannot be listened on
   */
  HttpService(OnnxModel model, String name, Tokenizer tokenizer, ServerOptions options) {
    var metrics = new ServingMetrics();
    this.stopTimeout = options.stopTimeout();
    this.scheduler =
        GenerationScheduler.of(
            model,
            SchedulerOptions.builder()
                .maxRows(options.maxRows())
                .maxWaiting(options.maxWaiting())
                .metrics(metrics)
                .build());
    metrics.watch(scheduler::status);
    var prompts =
        new PromptReader(
            tokenizer,
            options.addsSpecialTokens(),
            model.inputVocabulary(),
            options.maxPromptTokens());
    var limits = new CompletionLimits(options.maxChoices(), options.maxTokens());
    var endpoints = new Endpoints(model, name, tokenizer, scheduler, prompts, limits, metrics);
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
    long idle = options.timeout().plus(IDLE).toSeconds();
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setMaxHeaderSize(MAX_HEADERS)
                    .setIdleTimeout((int) Math.min(Integer.MAX_VALUE, idle)))
            .connectionHandler(
                connection -> {
                  if (connections.incrementAndGet() > options.maxConnections()) {
                    connection.close();
                  }
                  connection.closeHandler(closed -> connections.decrementAndGet());
                })
            .requestHandler(
                new Router(
                    vertx,
                    endpoints,
                    new Access(options.apiKey(), options.allowedOrigin(), options.host()),
                    options.maxBodyBytes(),
                    options.timeout(),
                    workers,
                    metrics));
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
      scheduler.closeNow();
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
    var ending = daemon(scheduler::close, "transonnx-http-stop");
    ending.start();
    try {
      ending.join(Math.max(1, stopTimeout.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scheduler.closeNow();
    server.shutdown(1, TimeUnit.SECONDS).toCompletionStage().toCompletableFuture().join();
    closeThreads();
  }

  private void closeThreads() {
    workers.shutdown();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
