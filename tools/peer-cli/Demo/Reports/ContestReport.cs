using Replica.PeerCli.Demo.Contests;

namespace Replica.PeerCli.Demo.Reports;

/// <summary>One contest and how it came out.</summary>
/// <param name="Contest">What it was about, and who did what.</param>
/// <param name="Ruling">How it came out.</param>
internal sealed record ContestReport(Contest Contest, Ruling Ruling);
