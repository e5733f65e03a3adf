package ai.transonnx.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The time limit of a command that runs models. At the limit, the process ends, since nothing
 * shorter stops ONNX Runtime while it loads a model or computes an operator.
 */
final class TimeoutOption {
  /** The time in which the JVM may end in order, and remove temporary files. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = {
        "End the command after this time, whatever it is doing: a number with ms, s, m or h, such"
            + " as 90s.",
        "Without this option, there is no limit."
      })
  private @Nullable Duration limit;

  /** Runs {@code work} and returns its exit code, unless the process ends before. */
  int limit(CommandSpec command, IntSupplier work) {
    if (limit == null) {
      return work.getAsInt();
    }
    var time = limit;
    var done = new CountDownLatch(1);
    var thread = new Thread(() -> endUnless(done, time, command), "transonnx-timeout");
    thread.setDaemon(true);
    thread.start();
    try {
      return work.getAsInt();
    } finally {
      done.countDown();
    }
  }

  private static void endUnless(CountDownLatch done, Duration time, CommandSpec command) {
    try {
      if (done.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Failures.print(
        command.commandLine().getErr(),
        "not done within the --timeout of %s s".formatted(time.toMillis() / 1000.0));
    var last = new Thread(TimeoutOption::halt, "transonnx-halt");
    last.setDaemon(true);
    last.start();
    System.exit(ExitCode.INVALID_INPUT);
  }

  /** The end of the JVM waits for ONNX Runtime, which does not stop while it loads or computes. */
  private static void halt() {
    try {
      Thread.sleep(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.INVALID_INPUT);
  }

  /** Durations such as {@code 90s}. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]+)(ms|s|m|h)");

    /** The number of digits that are read: 999,999,999 hours are still a {@link Duration}. */
    private static final int DIGITS = 9;

    @Override
    public Duration convert(String text) {
      var form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "'%s' is not a duration such as 500ms, 90s, 5m or 2h".formatted(text));
      }
      if (form.group(1).length() > DIGITS) {
        throw new TypeConversionException(
            "'%s' is too long; a number of at most %s digits is allowed".formatted(text, DIGITS));
      }
      return Duration.of(Long.parseLong(form.group(1)), unit(form.group(2)));
    }

    private static ChronoUnit unit(String letters) {
      return switch (letters) {
        case "ms" -> ChronoUnit.MILLIS;
        case "s" -> ChronoUnit.SECONDS;
        case "m" -> ChronoUnit.MINUTES;
        default -> ChronoUnit.HOURS;
      };
    }
  }
}
