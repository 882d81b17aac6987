/// Renders the chart as Helm does and checks what comes out: against the models of Kubernetes, against the
/// chart's own references, and against the rules we keep for every pod.
@NullMarked
package io.elanus.k8s;

import org.jspecify.annotations.NullMarked;
