package io.elanus.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/// A suite that runs against this target, whatever `ELANUS_TARGET` says.
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
@interface OnTarget {
  Target value();
}
