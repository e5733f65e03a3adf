package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import java.util.List;
import java.util.function.Consumer;

/**
 * A page of HTML that needs no other file, no network and no script: its head, its header, a list
 * of contents, and sections. Immutable.
 *
 * @param title the title in the list of open pages
 * @param tool the program that made the page
 */
record PageFrame(String title, String tool) {
  /** The page. */
  String html(Consumer<Markup> header, List<Section> sections) {
    var html = new Markup().trusted("<!DOCTYPE html>").line();
    html.open("html").attribute("lang", "en").line();
    writeHead(html);
    html.open("body").line();
    header.accept(html);
    writeContents(html, sections);
    html.open("main").line();
    for (var section : sections) {
      html.open("section").attribute("id", section.id());
      html.attribute("aria-labelledby", section.id() + "-title").line();
      html.open("h2").attribute("id", section.id() + "-title").text(section.title()).closeTag();
      section.write(html.line());
      html.closeTag().line();
    }
    return html.closeTag().line().closeTag().closeTag().line().toString();
  }

  private void writeHead(Markup html) {
    html.open("head").line().open("meta").attribute("charset", "utf-8").close().line();
    html.open("meta").attribute("http-equiv", "Content-Security-Policy");
    html.attribute("content", PageStyle.policy()).close().line();
    meta(html, "viewport", "width=device-width, initial-scale=1");
    meta(html, "color-scheme", "light dark");
    meta(html, "referrer", "no-referrer");
    meta(html, "generator", tool);
    html.element("title", title);
    html.line().open("style").trusted(PageStyle.css()).closeTag().line().closeTag().line();
  }

  private static void meta(Markup html, String name, String content) {
    html.open("meta").attribute("name", name).attribute("content", content).close().line();
  }

  private static void writeContents(Markup html, List<Section> sections) {
    html.open("nav").attribute("aria-label", "Contents").open("ul").line();
    for (var section : sections) {
      html.open("li").open("a").attribute("href", "#" + section.id());
      html.text(section.title()).closeTag().closeTag().line();
    }
    html.closeTag().closeTag().line();
  }
}
