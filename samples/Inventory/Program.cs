using System.Globalization;
using Replica.Samples.Inventory;
using Replica.Testing.World;

// inventory [histories] [first seed]: simulates the shops under every fault and tells the shortest story that breaks the promise.
var histories = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
var first = args.Length > 1 ? ulong.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var options = new SimulationOptions { Actions = Sales.Actions, Invariants = [static () => new OrdersAddUp()] };

for (var i = 0; i < histories; i++)
{
    var seed = first + (ulong)i;
    if (Simulator.Run(seed, options).Failure is null)
    {
        continue;
    }

    Console.WriteLine($"seed {seed} breaks a promise:");
    if (Simulator.Shrink(seed, options) is { } story)
    {
        Console.WriteLine(string.Join('\n', story.Lines));
        Console.WriteLine(story.Failure.Message);
    }

    return 1;
}

Console.WriteLine($"{histories} histories, from seed {first}: every promise was kept");
return 0;
