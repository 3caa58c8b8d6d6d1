using Replica.Crdt.Encoding;

namespace Replica.Crdt.Changes;

/// <summary>A change is written in a newer format: nothing of it can be read, and it must wait for a newer version.</summary>
/// <param name="format">Its format.</param>
/// <param name="known">The newest that this build knows.</param>
public sealed class UnknownFormatException(ulong format, ulong known)
    : EncodingException($"The change has format {format}, and this version knows {known}: install a newer version to take it.");
