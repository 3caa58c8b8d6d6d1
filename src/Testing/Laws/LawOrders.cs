namespace Replica.Testing.Laws;

/// <summary>The orders in which the operations of a history may arrive.</summary>
internal static class LawOrders
{
    /// <summary>Up to so many operations all orders are tried.</summary>
    private const int AllMax = 4;

    private const int DrawnCount = 6;
    private const int RepeatPercent = 30;

    /// <summary>Legal orders of a set of operations; all of them where there are few.</summary>
    public static IEnumerable<IReadOnlyList<LawOperation<TOperation>>> Of<TOperation>(
        IReadOnlyList<LawOperation<TOperation>> operations, LegalDelivery delivery, Chance chance)
    {
        if (operations.Count <= AllMax)
        {
            foreach (var order in All([], operations, delivery))
            {
                yield return order;
            }
        }

        for (var i = 0; i < DrawnCount; i++)
        {
            yield return Next(operations, delivery, chance);
        }
    }

    private static IEnumerable<IReadOnlyList<LawOperation<TOperation>>> All<TOperation>(
        IReadOnlyList<LawOperation<TOperation>> done, IReadOnlyList<LawOperation<TOperation>> left, LegalDelivery delivery) =>
        left.Count == 0
            ? [done]
            : Ready(left, delivery).SelectMany(next => All([.. done, next], [.. left.Where(other => other != next)], delivery));

    private static List<LawOperation<TOperation>> Next<TOperation>(
        IReadOnlyList<LawOperation<TOperation>> operations, LegalDelivery delivery, Chance chance)
    {
        var left = operations.ToList();
        var order = new List<LawOperation<TOperation>>();
        while (left.Count > 0)
        {
            var next = chance.Pick(Ready(left, delivery));
            _ = left.Remove(next);
            order.Add(next);
            if (delivery != LegalDelivery.CausalOnce && chance.Percent(RepeatPercent))
            {
                order.Add(chance.Pick(order));
            }
        }

        return order;
    }

    private static IReadOnlyList<LawOperation<TOperation>> Ready<TOperation>(
        IReadOnlyList<LawOperation<TOperation>> left, LegalDelivery delivery) => delivery == LegalDelivery.AnyOrder
        ? left
        : [.. left.Where(next => !left.Any(other => other.IsBefore(next)))];
}
