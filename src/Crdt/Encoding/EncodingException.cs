namespace Replica.Crdt.Encoding;

/// <summary>Bytes from outside are not in the canonical form. Nothing was kept of them; the sender is at fault.</summary>
/// <param name="message">What was found, where, and what was allowed.</param>
public class EncodingException(string message) : Exception(message);
