/** Forms of reports that know no report: JSON of records, markup, numbers, files. */
@NullMarked
package ai.transonnx.verification.internal.form;

import org.jspecify.annotations.NullMarked;
