/// The figures of reliability, one command each. A figure runs rounds, each from a seed; [Results] keeps a line
/// per round, so that a later run goes on where this one ended. [Experiment] is what a round is made of: a
/// deployment, a collection on it, clients at work, an audit, a verdict.
@NullMarked
package io.elanus.chaos.figure;

import org.jspecify.annotations.NullMarked;
