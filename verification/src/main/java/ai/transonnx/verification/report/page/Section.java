package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;

/** A part of the page with a heading and an entry in the contents. */
interface Section {
  /** The name of the part in links, which no input can change. */
  String id();

  /** The heading. */
  String title();

  /** Writes the content after the heading. */
  void write(Markup html);
}
