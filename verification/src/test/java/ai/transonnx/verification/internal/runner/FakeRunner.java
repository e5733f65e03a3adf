package ai.transonnx.verification.internal.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that has the runners' protocol, or breaks it. It has no dependencies, so that it starts
 * quickly.
 */
final class FakeRunner {
  private static final String READY =
      "{\"ready\": true, \"fingerprint\": {\"runtime\": \"fake\", \"version\": \"1\", \"provider\":"
          + " \"none\", \"properties\": {\"build\": \"x\\ny\", \"flag\": true, \"list\": []}}}";
  private static final String OK = "{\"ok\": true}";
  private static final Pattern RESULT = Pattern.compile("\"result\":\"([^\"]*)\"");

  private final String mode;

  private FakeRunner(String mode) {
    this.mode = mode;
  }

  /** The name of a runtime that is this program with the named behavior. */
  static String name(String mode) {
    return "exec:'%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp '%s' %s %s"
        .formatted(
            Path.of(System.getProperty("java.home", ""), "bin", "java"),
            classes(),
            FakeRunner.class.getName(),
            mode);
  }

  private static Path classes() {
    try {
      return Path.of(FakeRunner.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the name of the behavior as its argument. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    new FakeRunner(arguments[0]).run();
  }

  private void run() throws IOException, InterruptedException {
    begin();
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = input.readLine(); line != null; line = input.readLine()) {
      if (line.contains("\"exit\"")) {
        if (mode.equals("does-not-exit")) {
          Thread.sleep(Long.MAX_VALUE);
        }
        return;
      }
      answer(line);
    }
  }

  private void begin() throws IOException, InterruptedException {
    switch (mode) {
      case "dies-at-once" -> {
        System.err.println("first line");
        System.err.println("cannot find the library");
        System.err.println("  at some place");
        System.exit(3);
      }
      case "hangs-at-once" -> Thread.sleep(Long.MAX_VALUE);
      case "begins-with-garbage" -> System.out.println("Hello\u0007 from the program");
      case "begins-without-fingerprint" -> System.out.println("{\"ready\": true}");
      case "is-not-installed" ->
          System.out.println(
              "{\"ready\": false, \"error\": \"no runtime\", \"install\": \"get runtime\"}");
      case "prints-without-end" -> print("x".repeat(2 << 20));
      case "closes-its-output" -> {
        System.out.close();
        Thread.sleep(Long.MAX_VALUE);
      }
      case "writes-many-errors" -> {
        System.err.print("y".repeat(1 << 20));
        System.out.println(READY);
      }
      case "starts-a-child" -> {
        new ProcessBuilder("sleep", seconds(parent())).start();
        System.out.println(READY);
      }
      case "leaves-an-orphan" -> {
        var sleep = "sleep %s >/dev/null 2>&1 & echo".formatted(seconds(parent()));
        new ProcessBuilder("sh", "-c", sleep).start().waitFor();
        System.out.println(READY);
      }
      default -> System.out.println(READY);
    }
  }

  /** A long time, different for each test process, by which its sleeping children are found. */
  static String seconds(ProcessHandle test) {
    return "9" + test.pid();
  }

  private static ProcessHandle parent() {
    return ProcessHandle.current().parent().orElseThrow();
  }

  private static void print(String text) {
    System.out.print(text);
    System.out.flush();
  }

  private void answer(String line) throws IOException, InterruptedException {
    if (!line.contains("\"run\"")) {
      System.out.println(mode.equals("refuses") ? refusal() : OK);
      return;
    }
    switch (mode) {
      case "dies" -> {
        System.err.println("out of luck");
        Runtime.getRuntime().halt(134);
      }
      case "leaves-its-output-to-a-child" -> {
        new ProcessBuilder("sleep", seconds(parent())).inheritIO().start();
        Runtime.getRuntime().halt(5);
      }
      case "hangs" -> Thread.sleep(Long.MAX_VALUE);
      case "answers-with-garbage" -> System.out.println("[1, 2");
      case "answers-without-ok" -> System.out.println("{\"ok\": \"yes\"}");
      case "answers-twice" -> System.out.println(OK + "\n" + OK + "\n" + OK);
      case "writes-nothing" -> System.out.println(OK);
      default -> {
        write(line);
        System.out.println(OK);
      }
    }
  }

  private static String refusal() {
    return "{\"ok\": false, \"error\": \"no kernel\\nfor this\"}";
  }

  private void write(String line) throws IOException {
    var file = Path.of(value(RESULT.matcher(line)));
    switch (mode) {
      case "makes-a-folder" -> Files.createDirectory(file);
      case "writes-garbage" -> Files.write(file, List.of("this is no safetensors file at all"));
      case "writes-a-link-to-a-device" -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
      case "has-a-huge-header" -> write(file, Long.MAX_VALUE, "{}", 0);
      case "has-no-such-output" ->
          write(file, "{\"other\": " + tensor("F32", "[2,3]", 24) + "}", 24);
      case "has-another-type" -> write(file, named(tensor("F64", "[1,3]", 24)), 24);
      case "has-an-unknown-type" -> write(file, named(tensor("F8", "[24]", 24)), 24);
      case "has-another-size" -> write(file, named(tensor("F32", "[2,2]", 24)), 24);
      case "has-a-negative-size" -> write(file, named(tensor("F32", "[-2,-3]", 24)), 24);
      case "has-too-many-elements" ->
          write(file, named(tensor("F32", "[4611686018427387904,4]", 24)), 24);
      case "is-truncated" -> write(file, named(tensor("F32", "[2,3]", 24)), 23);
      case "is-large" -> write(file, named(tensor("F32", "[2,3]", 24)), 1 << 20);
      default -> write(file, named(tensor("F32", "[2,3]", 24)), 24);
    }
  }

  private static String named(String tensor) {
    return "{\"out_float32\": " + tensor + "}";
  }

  private static String tensor(String dtype, String shape, int end) {
    return "{\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [0, %s]}"
        .formatted(dtype, shape, end);
  }

  private static void write(Path file, String header, int bytes) throws IOException {
    write(file, header.length(), header, bytes);
  }

  private static void write(Path file, long length, String header, int bytes) throws IOException {
    var content =
        ByteBuffer.allocate(Long.BYTES + header.length() + bytes).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(length).put(header.getBytes(StandardCharsets.UTF_8));
    Files.write(file, content.array());
  }

  private static String value(Matcher matcher) {
    if (!matcher.find()) {
      throw new IllegalArgumentException("no result is named");
    }
    return matcher.group(1);
  }
}
