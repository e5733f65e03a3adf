package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.embedding.Embedder;
import ai.transonnx.runtime.generation.GenerationOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 64 clients that complete, stream, embed, disconnect, and send malformed and large bodies, for
 * {@code -Dtransonnx.soak.seconds} (default 30). Each answer is the right one, and memory and
 * threads do not grow.
 */
@Tag("slow")
final class ServerSoakTest extends ServedModel {
  private static final int CLIENTS = 64;

  /** The texts of a request that is abandoned. */
  private static final int EMBEDDED = 300;

  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("transonnx.soak.seconds", 30));
  private static final long MAX_GROWTH = 32 << 20;
  private static final int MAX_THREADS = 16;

  private final AtomicLong answers = new AtomicLong();
  private float[] vector = {};

  ServerSoakTest() {
    super(
        ServerOptions.builder()
            .limits(
                ServerLimits.builder()
                    .maxBodyBytes(10_000)
                    .maxWaiting(CLIENTS * EMBEDDED)
                    .build()));
  }

  private static String body(int length, boolean stream) {
    return "{\"prompt\": \"%s\", \"max_tokens\": %s, \"temperature\": 0, \"stream\": %s}"
        .formatted(PROMPT, length, stream);
  }

  @Override
  Path export(Path folder) {
    return export(
        "trained/x-transformers/bible",
        GraphRequest.builder().incremental(true).outputs("logits", "embeddings"),
        folder.resolve("bible.onnx"));
  }

  private void embed(Random random) throws Exception {
    int count = 1 + random.nextInt(20);
    var texts = Collections.nCopies(count, PROMPT);
    var response =
        post("/v1/embeddings", "{\"input\": %s}".formatted(JSON.writeValueAsString(texts)));
    assertEquals(200, response.statusCode(), response.body());
    var received = JSON.readTree(response.body()).at("/data/%s/embedding".formatted(count - 1));
    for (int i = 0; i < vector.length; i++) {
      assertEquals(vector[i], received.path(i).floatValue(), 1e-3f);
    }
  }

  private void complete(int length, boolean stream, String expected) throws Exception {
    var response = post(body(length, stream));
    assertEquals(200, response.statusCode(), response.body());
    var text = new StringBuilder();
    for (String event : stream ? response.body().split("\n\n") : new String[] {response.body()}) {
      String json = stream ? event.substring("data: ".length()) : event;
      if (!json.equals("[DONE]")) {
        text.append(JSON.readTree(json).at("/choices/0/text").textValue());
      }
    }
    assertEquals(expected.substring(0, length), text.toString());
  }

  /** Sends a request, or a part of it, and disconnects after a number of bytes of the answer. */
  private void disconnect(Random random) throws IOException {
    boolean embeds = random.nextInt(3) == 0;
    String body =
        embeds
            ? "{\"input\": %s}"
                .formatted(JSON.writeValueAsString(Collections.nCopies(EMBEDDED, "In the")))
            : body(200, random.nextBoolean());
    String request =
        "POST /v1/%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n%s"
            .formatted(embeds ? "embeddings" : "completions", body.length(), body);
    try (var socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      var bytes = request.getBytes(StandardCharsets.US_ASCII);
      boolean isWhole = random.nextInt(4) > 0;
      socket.getOutputStream().write(bytes, 0, isWhole ? bytes.length : bytes.length / 2);
      if (isWhole && random.nextBoolean()) {
        socket.getInputStream().readNBytes(1 + random.nextInt(300));
      }
    }
  }

  private void act(Random random, String expected) throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> complete(1 + random.nextInt(40), false, expected);
      case 1 -> complete(1 + random.nextInt(40), true, expected);
      case 2 -> disconnect(random);
      case 4 -> embed(random);
      case 3 -> assertEquals(400, post("{\"prompt\": ").statusCode());
      default -> {
        try {
          assertEquals(413, post(" ".repeat(20_000)).statusCode());
        } catch (IOException e) {
          // The server closed the connection before the client had sent everything.
        }
      }
    }
    answers.incrementAndGet();
  }

  private Void client(int number, long end, String expected) {
    var random = new Random(number);
    try {
      while (System.nanoTime() < end) {
        act(random, expected);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  private void run(Duration time, String expected) {
    long end = System.nanoTime() + time.toNanos();
    var clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                number ->
                    CompletableFuture.runAsync(
                        () -> client(number, end, expected),
                        task -> new Thread(task, "soak-client").start()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(clients).join();
  }

  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void memoryAndThreadsAreFlat() throws Exception {
    String expected = generated(GenerationOptions.builder(40).greedy().build()).text(0);
    vector = Embedder.of(model).embed(tokenizer.encode(PROMPT));
    run(TIME.dividedBy(4), expected);
    long memory = usedMemory();
    int threads = Thread.activeCount();
    run(TIME, expected);
    while (get("/health").path("generating").intValue() > 0) {
      Thread.onSpinWait();
    }
    long memoryAfter = usedMemory();
    int threadsAfter = Thread.activeCount();
    System.out.printf(
        Locale.ROOT,
        "%s answers; heap %.1f MB, then %.1f MB; %s threads, then %s%n",
        answers,
        memory / 1e6,
        memoryAfter / 1e6,
        threads,
        threadsAfter);
    assertTrue(memoryAfter < memory + MAX_GROWTH, "memory grows");
    assertTrue(threadsAfter < threads + MAX_THREADS, "threads grow");
    assertTrue(answers.get() > CLIENTS);
    assertEquals(0, get("/health").path("waiting").intValue());
  }
}
