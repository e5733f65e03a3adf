package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.documents.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * The calls of the command in all documents: each command and option exists, and takes the value
 * that it is given. Nothing is run.
 */
class DocumentedCommandsTest {
  /** A call in a line of a shell, or between backquotes in a sentence. */
  private static final Pattern CALL =
      Pattern.compile("(?<![\\w/.-])(?:\\./)?transonnx(?:\\.cmd)? +(?=[a-z-])");

  private static final Pattern QUOTED = Pattern.compile("`((?:\\./)?transonnx [^`]+)`");

  /** A word of a shell, or what ends a command. */
  private static final Pattern WORD =
      Pattern.compile("\\G\\s*(?:([|<>;)&#].*)|((?:\"[^\"]*\"|'[^']*'|[^\\s|<>;)&\"'])+))");

  private static final String OMITTED = "...";

  private record Call(String location, String text, boolean isWhole) {
    /** The words of the call up to the end of its command; brackets mark optional words. */
    List<String> words() {
      var words = new ArrayList<String>();
      var matcher = WORD.matcher(text);
      while (matcher.find() && matcher.group(1) == null) {
        var word = matcher.group(2).replaceAll("[\"']", "").replaceAll("^\\[|]$", "");
        if (!word.equals(OMITTED)) {
          words.add(word);
        }
      }
      return words;
    }

    Optional<String> problem() {
      var words = words().toArray(String[]::new);
      try {
        Transonnx.commandLine()
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExpandAtFiles(false)
            .parseArgs(words);
        return Optional.empty();
      } catch (MissingParameterException e) {
        return isWhole ? described(e) : Optional.empty();
      } catch (ParameterException | InputException e) {
        return described(e);
      }
    }

    private Optional<String> described(Exception e) {
      return Optional.of(
          "%s: %s: %s".formatted(location, text.lines().findFirst().orElse(""), e.getMessage()));
    }
  }

  private static List<Call> calls() throws IOException {
    var calls = new ArrayList<Call>();
    for (var document : Document.all()) {
      for (var block :
          Stream.concat(document.indented().stream(), document.fenced().stream()).toList()) {
        if (block.language().isEmpty() || block.language().equals("sh")) {
          var text = block.text().replaceAll("\\\\\n\\s*", " ");
          for (var line : text.lines().toList()) {
            add(calls, block.location(), line, !line.contains(OMITTED));
          }
        }
      }
      var text = Files.readString(document.path()).replaceAll("\n(?=\\S)", " ");
      QUOTED
          .matcher(text)
          .results()
          .forEach(match -> add(calls, document.path().toString(), match.group(1), false));
    }
    return calls;
  }

  private static void add(List<Call> calls, String location, String line, boolean isWhole) {
    var call = CALL.matcher(line.replaceAll("^#.*|\\s#\\s.*", ""));
    while (call.find()) {
      calls.add(new Call(location, line.substring(call.end()), isWhole));
    }
  }

  @Test
  void everyCallCanBeParsed() throws IOException {
    var calls = calls();
    assertTrue(calls.size() > 60, () -> calls.size() + " calls");
    var problems = calls.stream().flatMap(call -> call.problem().stream()).toList();
    assertEquals("", String.join("\n", problems));
  }

  @Test
  void aCallEndsWithItsCommand() {
    var line = "export --config \"my file\" [--dtype float16] ... > list.txt # note";
    assertEquals(
        List.of("export", "--config", "my file", "--dtype", "float16"),
        new Call("", line, true).words());
  }

  @Test
  void unknownOptionsAndValuesAreFound() {
    for (var line :
        List.of("inspect a.onnx --jsn", "inspct a.onnx", "generate a.onnx --length ten")) {
      assertTrue(new Call("", line, false).problem().isPresent(), line);
    }
    assertTrue(new Call("", "inspect", true).problem().isPresent());
    assertEquals(Optional.empty(), new Call("", "inspect", false).problem());
  }
}
