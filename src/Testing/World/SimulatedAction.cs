namespace Replica.Testing.World;

/// <summary>Something that an application does on a peer, now and then.</summary>
/// <param name="Name">What it is called in a story.</param>
/// <param name="Run">Does it; all chance must come from the <see cref="Chance"/> it is given.</param>
/// <param name="Weight">How often it is drawn, compared with the other actions; at least 1.</param>
public sealed record SimulatedAction(string Name, Action<SimulatedPeer, Chance> Run, int Weight = 1);
