package ai.transonnx.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page of a command in roff, with the macros of man(7).
 *
 * @param version the name and the version of the program
 */
record ManPage(CommandSpec command, String version) {
  private static final int SYNOPSIS_WIDTH = 74;

  /** The exit codes of every command. */
  private static final List<String> EXIT_CODES =
      List.of(
          "0\tsuccess",
          "1\ta verification, a diagnosis or a quality gate failed",
          "2\tthe input is invalid, or the output cannot be written; one line explains it",
          "3\tan internal error");

  /** The name of the page's file. */
  String file() {
    return name() + ".1";
  }

  private String name() {
    return command.qualifiedName("-");
  }

  String text() {
    var page = new StringBuilder();
    page.append(
        ".TH \"%s\" 1 \"\" \"%s\"\n"
            .formatted(escaped(name().toUpperCase(Locale.ROOT)), escaped(version)));
    var description = command.usageMessage().description();
    section(page, "NAME", "%s \\- %s".formatted(escaped(name()), firstSentence(description)));
    section(page, "SYNOPSIS", ".nf\n%s\n.fi".formatted(synopsis()));
    section(page, "DESCRIPTION", paragraphs(description));
    var parameters = command.positionalParameters().stream().filter(arg -> !arg.hidden()).toList();
    if (!parameters.isEmpty()) {
      section(page, "PARAMETERS", list(parameters.stream().map(ManPage::parameter)));
    }
    var options = command.options().stream().filter(option -> !option.hidden());
    section(page, "OPTIONS", list(options.map(ManPage::option)));
    if (!command.subcommands().isEmpty()) {
      section(
          page,
          "COMMANDS",
          list(
              command.subcommands().entrySet().stream()
                  .map(
                      entry ->
                          item(
                              bold(entry.getKey()),
                              entry.getValue().getCommandSpec().usageMessage().description()))));
    }
    section(
        page,
        "EXIT STATUS",
        list(
            EXIT_CODES.stream()
                .map(code -> code.split("\t"))
                .map(code -> item(bold(code[0]), code[1]))));
    return page.toString();
  }

  private static void section(StringBuilder page, String title, String content) {
    page.append(".SH ").append(title).append('\n').append(content).append('\n');
  }

  private static String firstSentence(String... description) {
    var text = description.length == 0 ? "" : description[0];
    return line(text.replaceFirst("[.:;]( .*)?$", ""));
  }

  private String synopsis() {
    var spec = command.usageMessage();
    int width = spec.width();
    spec.width(SYNOPSIS_WIDTH);
    try {
      var help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
      return help.synopsis(0).strip().lines().map(ManPage::line).collect(Collectors.joining("\n"));
    } finally {
      spec.width(width);
    }
  }

  private static String parameter(PositionalParamSpec parameter) {
    return item(italic(parameter.paramLabel()), parameter.description());
  }

  private static String option(OptionSpec option) {
    var names = Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
    return item(names + value(option), option.description());
  }

  private static String value(ArgSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    var value = " " + italic(option.paramLabel());
    return option.arity().min() == 0 ? " [" + value.strip() + "]" : value;
  }

  private static String item(String term, String... description) {
    return ".TP\n%s\n%s".formatted(term, paragraphs(description).replace(".PP\n", ".br\n"));
  }

  private static String list(Stream<String> items) {
    return items.collect(Collectors.joining("\n"));
  }

  private static String paragraphs(String... texts) {
    return Arrays.stream(texts).map(ManPage::line).collect(Collectors.joining("\n.PP\n"));
  }

  private static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fR";
  }

  private static String italic(String text) {
    return "\\fI" + escaped(text) + "\\fR";
  }

  /** A line of text, which begins no request. */
  private static String line(String text) {
    var escaped = escaped(text.replace("%n", "").replace("%%", "%"));
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("\"", "\\(dq")
        .replace("'", "\\(aq");
  }
}
