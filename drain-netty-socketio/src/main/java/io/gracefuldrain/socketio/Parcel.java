package io.gracefuldrain.socketio;

/**
 * What a pod gives of a session.
 *
 * @param state what it has by now: the application goes on to change it while it is kept
 * @param mail what has come
 */
record Parcel(HandedState state, Mail mail) {}
