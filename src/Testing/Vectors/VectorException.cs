namespace Replica.Testing.Vectors;

/// <summary>A file of test vectors, or one vector in it, can't be read: correct the file.</summary>
/// <param name="message">Where, and what was expected.</param>
public sealed class VectorException(string message) : Exception(message);
