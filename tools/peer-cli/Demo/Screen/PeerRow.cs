namespace Replica.PeerCli.Demo.Screen;

/// <summary>A peer as the display shows it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ProcessId">Its process; 0 while none runs.</param>
/// <param name="Nodes">Nodes that show.</param>
/// <param name="Edges">Edges that are alive.</param>
/// <param name="Changes">Changes it has.</param>
/// <param name="RecordsPerSecond">How fast nodes and edges come in.</param>
/// <param name="Connections">Connections that are up.</param>
/// <param name="MemoryBytes">The most memory it had.</param>
internal sealed record PeerRow(
    string Name, int ProcessId, long Nodes, long Edges, long Changes, double RecordsPerSecond, int Connections, long MemoryBytes);
