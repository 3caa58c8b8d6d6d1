namespace Replica.Testing.Encodings;

/// <summary>A file of inputs can't be read: correct the file.</summary>
/// <param name="message">Where, and what was expected.</param>
public sealed class EncodingCaseException(string message) : Exception(message);
