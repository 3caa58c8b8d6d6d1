using Replica.PeerCli.Demo.Peers;

namespace Replica.PeerCli.Demo.Reports;

/// <summary>One peer at the end.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="State">Its canonical state in short.</param>
/// <param name="Nodes">Nodes that show.</param>
/// <param name="Edges">Edges that are alive.</param>
/// <param name="Changes">Changes it has.</param>
/// <param name="SentBytes">Bytes it sent to the others.</param>
/// <param name="MemoryBytesMax">The most memory that its process had.</param>
/// <param name="StoreBytes">What its home takes on disk.</param>
/// <param name="Home">Its home.</param>
internal sealed record PeerReport(
    string Name, StateDigest State, long Nodes, long Edges, long Changes, long SentBytes, long MemoryBytesMax, long StoreBytes, string Home);
