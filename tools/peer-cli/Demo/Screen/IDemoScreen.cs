namespace Replica.PeerCli.Demo.Screen;

/// <summary>Where the demo shows what it does while it does it.</summary>
internal interface IDemoScreen
{
    /// <summary>Shows everything that happens within the work.</summary>
    Task RunAsync(Func<Task> work);

    /// <summary>Says what begins now.</summary>
    void Begin(string text);

    /// <summary>Shows how far the peers are; called often.</summary>
    void Show(IReadOnlyList<PeerRow> peers);
}
