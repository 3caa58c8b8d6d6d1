namespace Replica.PeerCli.Demo.Reports;

/// <summary>How long a part of the demo took.</summary>
/// <param name="Name">The part.</param>
/// <param name="Elapsed">Its time.</param>
internal readonly record struct PhaseTime(string Name, TimeSpan Elapsed);
