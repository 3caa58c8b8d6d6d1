using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>One line of a file that is imported.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Mutation">What it says; null if that can't be made out.</param>
/// <param name="Fault">Why not.</param>
public sealed record GraphLine(long Line, int Bytes, Mutation? Mutation, string? Fault);
