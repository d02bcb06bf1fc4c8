/** What the manifests promise, held by tests. */
@org.jspecify.annotations.NullMarked
package io.gracefuldrain.deploy;
