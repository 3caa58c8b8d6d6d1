namespace Replica.Transport.Noise;

/// <summary>A Noise message could not be read or written; the state it met is dead from then on.</summary>
/// <param name="message">Which step failed. It says nothing about keys or contents.</param>
internal sealed class NoiseException(string message) : Exception(message);
