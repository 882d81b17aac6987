package io.elanus.rootcoord.pin;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.Rules;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.rpc.codec.PinsCodec;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What may be pinned. Pure. All pins of a collection are one entry of the metastore, so that its revision says whether
/// any of them has changed.
final class PinRules implements Rules<PinState, PinCommand, PinRules.PutPins, PinRules.Done> {
  private final PinLimits limits;

  PinRules(PinLimits limits) {
    this.limits = limits;
  }

  enum Done {
    DONE
  }

  /// All pins the collection has from now on.
  record PutPins(CollectionId collection, List<Pin> pins) {
    PutPins {
      pins = List.copyOf(pins);
    }
  }

  @Override
  public Decision<PutPins, Done> decide(PinState state, PinCommand command) {
    List<Pin> before = state.of(command.collection());
    List<Pin> after =
        switch (command) {
          case PinCommand.Add(var collection, Pin pin) -> {
            requireRoom(state, collection);
            yield Stream.concat(before.stream(), Stream.of(pin))
                .sorted(Comparator.comparingLong(Pin::mark))
                .toList();
          }
          case PinCommand.Remove(_, var marks) ->
              before.stream().filter(pin -> !marks.contains(pin.mark())).toList();
        };
    return after.equals(before)
        ? Decision.answer(Done.DONE)
        : Decision.change(Done.DONE, List.of(new PutPins(command.collection(), after)));
  }

  private void requireRoom(PinState state, CollectionId collection) {
    int ofCollection = state.of(collection).size();
    if (ofCollection >= limits.maxOfCollection()) {
      throw ErrorCode.QUOTA_EXCEEDED.because(
          "collection %s has %d live iterators, as many as there may be", collection, ofCollection);
    }
    if (state.count() >= limits.max()) {
      throw ErrorCode.QUOTA_EXCEEDED.because(
          "there are %d live iterators, as many as there may be", state.count());
    }
  }

  @Override
  public PinState apply(PinState state, List<PutPins> changes) {
    PinState next = state;
    for (PutPins change : changes) {
      next = next.with(change.collection(), change.pins());
    }
    return next;
  }

  @Override
  public Change write(PutPins change) {
    String key = MetaKeys.pins(change.collection());
    return change.pins().isEmpty()
        ? new Change.Remove(key)
        : new Change.Put(key, PinsCodec.encode(change.pins()));
  }
}
