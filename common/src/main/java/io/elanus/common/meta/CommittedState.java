package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Outcome;
import io.elanus.common.run.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The state of a coordinator for one term. One thread decides, commits, applies, and then answers:
///
/// ```
///  commands ──> decide ──> one guarded commit ──> apply ──> now() ──> answers
/// ```
///
/// So nothing is seen by [#now] that is not committed, and every answered command is. An answer that
/// changed nothing is confirmed by a read of the election key before it is given.
public final class CommittedState<S, C, X, A> implements AutoCloseable {
  private final Ledger ledger;
  private final Rules<S, C, X, A> rules;
  private final Consumer<List<X>> observer;
  private final CommandLoop<C, A> loop;
  private volatile S state;

  private CommittedState(
      Run run, Ledger ledger, Rules<S, C, X, A> rules, S initial, Setup<X> setup) {
    this.ledger = ledger;
    this.rules = rules;
    this.observer = setup.observer;
    this.state = initial;
    this.loop = CommandLoop.start(run, setup.name, setup.limits, handler());
  }

  /// @param observer is told changes once they are applied, on the loop's thread; must not block
  public record Setup<X>(String name, CommandLoop.Limits limits, Consumer<List<X>> observer) {}

  /// @param initial what the store says, read after the leadership began
  public static <S, C, X, A> CommittedState<S, C, X, A> start(
      Run run, Ledger ledger, Rules<S, C, X, A> rules, S initial, Setup<X> setup) {
    return new CommittedState<>(run, ledger, rules, initial, setup);
  }

  /// The newest committed state. As old as this node's leadership: confirm it before answering from it.
  public S now() {
    return state;
  }

  /// Blocks until the command's changes are committed and applied.
  ///
  /// @throws DbException what the rules refused it with; as [CommandLoop#submit]
  public A submit(C command, Deadline deadline) {
    return loop.submit(command, deadline);
  }

  @Override
  public void close() {
    loop.close(ErrorCode.LEADERSHIP_LOST);
  }

  private CommandLoop.Handler<C, A> handler() {
    return new CommandLoop.Handler<>() {
      @Override
      public List<Outcome<A>> handle(List<C> commands) {
        return new Batch(state).run(commands);
      }

      @Override
      public void ended(DbException reason) {
        ledger.leadership().lose(reason.text());
      }
    };
  }

  /// One batch of commands on its way through decide, commit and apply.
  private final class Batch {
    private final List<Outcome<A>> outcomes = new ArrayList<>();
    private final List<X> pending = new ArrayList<>();
    private S draft;
    private int pendingBytes;

    /// How many of the outcomes are true whatever happens to the rest.
    private int settled;

    Batch(S draft) {
      this.draft = draft;
    }

    List<Outcome<A>> run(List<C> commands) {
      try {
        commands.forEach(command -> add(decide(command)));
        commitPending();
        settleUnchanged();
        return outcomes;
      } catch (DbException e) {
        return failRest(commands.size(), e);
      }
    }

    private Decision<X, A> decide(C command) {
      try {
        return rules.decide(draft, command);
      } catch (DbException e) {
        return Decision.refuse(e);
      }
    }

    private void add(Decision<X, A> decision) {
      if (!decision.conditions().isEmpty()) {
        commitAlone(decision);
        return;
      }
      int bytes = bytes(decision.changes());
      if (!fits(decision.changes().size(), bytes)) {
        commitPending();
      }
      pending.addAll(decision.changes());
      pendingBytes += bytes;
      draft = rules.apply(draft, decision.changes());
      outcomes.add(decision.answer());
    }

    private void commitAlone(Decision<X, A> decision) {
      commitPending();
      boolean holds = ledger.commit(decision.conditions(), writes(decision.changes()));
      if (holds) {
        draft = rules.apply(draft, decision.changes());
        publish(decision.changes());
      }
      outcomes.add(holds ? decision.answer() : decision.onConflict());
      settled = outcomes.size();
    }

    private void commitPending() {
      if (pending.isEmpty()) {
        return;
      }
      ledger.commit(List.of(), writes(pending));
      publish(List.copyOf(pending));
      pending.clear();
      pendingBytes = 0;
      settled = outcomes.size();
    }

    private void publish(List<X> changes) {
      state = draft;
      observer.accept(changes);
    }

    /// What was committed proves that the role was held after every command of the batch had arrived.
    private void settleUnchanged() {
      if (settled == 0) {
        ledger.leadership().confirmNow();
      }
      settled = outcomes.size();
    }

    /// What is not settled fails. After an error that leaves the store's state in doubt, the term ends.
    private List<Outcome<A>> failRest(int count, DbException error) {
      if (error.code() == ErrorCode.OUTCOME_UNKNOWN) {
        ledger.leadership().lose(error.text());
      }
      outcomes.subList(settled, outcomes.size()).clear();
      while (outcomes.size() < count) {
        outcomes.add(Outcome.failed(error));
      }
      return outcomes;
    }

    private boolean fits(int changes, int bytes) {
      return pending.size() + changes <= Ledger.MAX_ENTRIES
          && pendingBytes + bytes <= Ledger.MAX_BYTES;
    }

    /// Of several writes to one key the last one counts.
    private List<Change> writes(List<X> changes) {
      Map<String, Change> byKey = new LinkedHashMap<>();
      changes.stream().map(rules::write).forEach(write -> byKey.put(write.key(), write));
      return List.copyOf(byKey.values());
    }

    private int bytes(List<X> changes) {
      return changes.stream().mapToInt(change -> bytes(rules.write(change))).sum();
    }

    private int bytes(Change change) {
      return change.key().length()
          + switch (change) {
            case Change.Put put -> put.value().length;
            case Change.PutLeased put -> put.value().length;
            case Change.Remove _ -> 0;
          };
    }
  }
}
