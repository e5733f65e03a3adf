/** block-recurrent-transformer-pytorch: blocks of tokens that pass states and memories on. */
@NullMarked
package ai.transonnx.blockrecurrent;

import org.jspecify.annotations.NullMarked;
