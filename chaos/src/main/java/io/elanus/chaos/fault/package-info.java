/// What goes wrong, when, by whose hand. A [Fault] can be injected and healed; a [Schedule] says from a seed
/// which one when; a [Nemesis] carries it out and notes it in the history. [TcpProxy] stands between processes
/// and spoils their connections.
@NullMarked
package io.elanus.chaos.fault;

import org.jspecify.annotations.NullMarked;
