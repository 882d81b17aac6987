/// The launcher. [Elanus] reads the command line; [Standalone] wires all seven roles over one set of
/// embedded backends and in-process channels; a role cannot tell the difference.
@NullMarked
package io.elanus.standalone;

import org.jspecify.annotations.NullMarked;
