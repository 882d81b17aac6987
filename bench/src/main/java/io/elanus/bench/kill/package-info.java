/// Kills a standalone server under load, again and again, and looks afterwards for what was acknowledged.
/// [KillCommand] runs seeds, [KillRound] is one kill, [Writer]s make the load, [KeyLedger] knows what each
/// key may hold, [Audit] compares it with what the server shows.
@NullMarked
package io.elanus.bench.kill;

import org.jspecify.annotations.NullMarked;
