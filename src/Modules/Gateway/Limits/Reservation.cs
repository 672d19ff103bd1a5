namespace JeanTrail.Gateway.Limits;

/// <summary>What a call took of each limit that concerns it.</summary>
internal sealed class Reservation(Reservation.Part[] parts) : IReservation
{
    /// <summary>Of calls that no limit concerns.</summary>
    internal static readonly IReservation None = new Reservation([]);

    int settled;

    public void Settle(CallAmounts actual)
    {
        if (Interlocked.Exchange(ref settled, 1) != 0)
            return;
        foreach (var part in parts)
        {
            switch (part.Purse.Meter)
            {
                case Meter.Tokens:
                    part.Purse.Spend(part.Amount, actual.Tokens);
                    break;
                case Meter.Cost:
                    part.Purse.Spend(part.Amount, actual.CostMicros);
                    break;
                case Meter.Streams:
                    part.Purse.Release(part.Amount);
                    break;
                default:
                    // Spent when it began: a request that failed was made all the same.
                    break;
            }
        }
    }

    /// <summary>The call may go: its request is made.</summary>
    internal static Reservation Begin(Part[] parts)
    {
        foreach (var part in parts)
        {
            if (part.Purse.Meter == Meter.Requests)
                part.Purse.Spend(part.Amount, 1);
        }

        return new Reservation(parts);
    }

    /// <summary>The call may not go: nothing of it counts.</summary>
    internal static void Undo(ReadOnlySpan<Part> parts)
    {
        foreach (var part in parts)
            part.Purse.Release(part.Amount);
    }

    internal readonly record struct Part(Purse Purse, long Amount);
}
