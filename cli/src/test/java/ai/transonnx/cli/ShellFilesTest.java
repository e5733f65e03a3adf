package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion for shells, and pages for man. */
class ShellFilesTest {
  @TempDir private Path folder;

  private static boolean isInstalled(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private String output(String... command) throws IOException, InterruptedException {
    var log = folder.resolve("log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int code = process.waitFor();
    var text = Files.readString(log);
    assertEquals(0, code, text);
    return text;
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    var script = CommandRun.of("generate-completion").assertDone().out();
    assertTrue(script.contains("complete -F _complete_transonnx"), script);
    assumeTrue(isInstalled("bash"), "bash is not installed");
    var file = Files.writeString(folder.resolve("completion"), script);
    var text =
        output(
            "bash",
            "-c",
            """
            compopt() { :; }
            source %s
            COMP_WORDS=(transonnx sco); COMP_CWORD=1; _complete_transonnx; echo "${COMPREPLY[@]}"
            COMP_WORDS=(transonnx score --te); COMP_CWORD=2; _complete_transonnx
            echo "${COMPREPLY[@]}"
            """
                .formatted(file));
    assertEquals("score\n--text\n", text);
  }

  @Test
  void everyCommandHasAPage() throws IOException {
    var pages = folder.resolve("share/man1");
    CommandRun.of("generate-man", pages).assertDone();
    for (var name : List.of("transonnx", "transonnx-export", "transonnx-generate-completion")) {
      assertTrue(Files.exists(pages.resolve(name + ".1")), name);
    }
    var page = Files.readString(pages.resolve("transonnx-score.1"), StandardCharsets.UTF_8);
    assertTrue(page.startsWith(".TH \"TRANSONNX\\-SCORE\" 1 \"\" \"transonnx "), page);
    assertTrue(
        page.contains("\n.TP\n\\fB\\-\\-text\\fR \\fIFILE\\fR\nScore a text in UTF\\-8"), page);
    assertTrue(page.contains("\n\\fB\\-\\-json\\fR [\\fIFILE\\fR]\n"), page);
    assertFalse(page.contains("%n"), page);
  }

  @Test
  void pagesAreFormattedWithoutWarnings() throws Exception {
    assumeTrue(isInstalled("groff"), "groff is not installed");
    CommandRun.of("generate-man", folder).assertDone();
    try (var files = Files.list(folder)) {
      for (var page : files.filter(file -> file.toString().endsWith(".1")).toList()) {
        assertEquals("", output("groff", "-man", "-Tascii", "-ww", "-z", page.toString()));
      }
    }
    var text =
        output("groff", "-man", "-Tascii", "-P-cbou", folder.resolve("transonnx.1").toString());
    assertTrue(text.contains("\nEXIT STATUS\n"), text);
  }

  @Test
  void pagesThatCannotBeWrittenAreRefused() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "");
    CommandRun.of("generate-man", file).assertRefused("file: the pages cannot be written");
    CommandRun.of("generate-man").assertRefused("DIR");
  }
}
