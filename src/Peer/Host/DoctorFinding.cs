namespace Replica.Peer.Host;

/// <summary>One thing that keeps a home from its peers, or soon may.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Severity"><c>note</c>, <c>warning</c> or <c>problem</c>.</param>
/// <param name="What">What was found, in a sentence.</param>
/// <param name="Remedy">What to do about it, in a sentence.</param>
public sealed record DoctorFinding(string Code, string Severity, string What, string Remedy);
