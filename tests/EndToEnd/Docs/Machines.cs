using Replica.Tests.EndToEnd.Reach;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>The machines of one page on one local network that reaches nothing else.</summary>
internal sealed class Machines : IAsyncDisposable
{
    private readonly NetworkLab _lab;
    private readonly List<string> _names;
    private readonly Dictionary<string, Machine> _machines = [];

    private Machines(NetworkLab lab, List<string> names)
    {
        _lab = lab;
        _names = names;
    }

    /// <summary>Makes the network for the machines that a page names.</summary>
    public static async Task<Machines> CreateAsync(Page page)
    {
        var names = page.Blocks.SelectMany(Step.Of).Select(static step => step.Machine).Where(static name => name.Length > 0).Distinct().ToList();
        var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        return new(lab, names.Count > 0 ? names : ["laptop"]);
    }

    /// <summary>The machine of a name, which is made when it is first named; without a name the first one of the page.</summary>
    public async Task<Machine> GetAsync(string name)
    {
        name = name.Length > 0 ? name : _names[0];
        if (!_machines.TryGetValue(name, out var machine))
        {
            var number = _names.IndexOf(name);
            await _lab.AddHostAsync($"m{number}");
            await _lab.PlugAsync($"m{number}", "eth0", $"{Address(number)}/24", "lan");
            var hosts = string.Concat(_names.Select(static (other, i) => $"{Address(i)} {other} {other}.example\n"));
            machine = await Machine.StartAsync(_lab.Prefix($"m{number}"), name, "127.0.0.1 localhost\n" + hosts);
            _machines.Add(name, machine);
        }

        return machine;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines.Values)
        {
            await machine.DisposeAsync();
        }

        await _lab.DisposeAsync();
    }

    private static string Address(int number) => $"192.168.1.{number + 10}";
}
