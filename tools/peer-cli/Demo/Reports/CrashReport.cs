namespace Replica.PeerCli.Demo.Reports;

/// <summary>What a kill in the middle of a stream of writes left.</summary>
/// <param name="Peer">The peer that was killed.</param>
/// <param name="Acknowledged">Writes that were acknowledged before it died.</param>
/// <param name="Found">How many of them were there afterwards; all of them, if all is well.</param>
/// <param name="InFlight">Writes that had been sent and not been answered: they may be there or not.</param>
/// <param name="InFlightFound">How many of these were there.</param>
internal sealed record CrashReport(string Peer, int Acknowledged, int Found, int InFlight, int InFlightFound);
